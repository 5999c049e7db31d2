import { DatabaseUnreachable, DatabaseUnwritable } from '../errors.ts';

// An error of the server has a severity and an SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html),
// any other comes from pg or the network.
interface PostgresError extends Error {
  code?: string;
  severity?: string;
  syscall?: string;
}

const NETWORK = /^(ECONN|EHOST|ENET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE)/;

const CURES: readonly [problem: RegExp, cure: string][] = [
  [
    /^28P01|password must be a string/,
    'correct the password, and write its special characters as %XX',
  ],
  [/^28000.*(encryption|SSL off)/, 'the server wants TLS; add ?sslmode=require'],
  [/^28/, 'the server does not let this user in from here; correct the user'],
  [/^3D000/, 'create that database, or name another'],
  [/^(42501|3F000)/, 'let the user create tables there, best as the owner of the database'],
  [/^25006/, 'it is a read-only copy; name the server that is written to'],
  [/does not support SSL/, 'the server offers no TLS; leave sslmode out, or turn TLS on there'],
  [
    /CERT|SIGNATURE|certificate/,
    'its certificate is not trusted; name that of its authority with sslrootcert=FILE',
  ],
  [/^ENOENT.*open/, 'make the file that the URL names readable'],
  [/^ENOTFOUND/, 'no computer has that name; correct the host'],
];

/** Why a connection could not be made, what to do about it, and whether to wait: the server may still be starting. */
export function explainAtStart(error: unknown): { reason: string; cure: string; mayPass: boolean } {
  const { code = '', message, severity, syscall } = error as PostgresError;
  const problem = `${code} ${message}`.trim();
  const cure = CURES.find(([pattern]) => pattern.test(problem))?.[1];
  const mayPass = severity
    ? /^(08|53|57)/.test(code)
    : NETWORK.test(code) || syscall === 'connect' || /timeout|terminated/i.test(message);
  return {
    reason: code || message,
    cure: cure ?? (mayPass ? 'start it, or correct the host and port' : message),
    mayPass,
  };
}

/** An error of a statement, without the rows and values that PostgreSQL adds to it: they may be secrets. */
export function explainInUse(error: unknown): Error {
  const { code, message, severity } = error as PostgresError;
  if (code === '53100') return new DatabaseUnwritable(code, 'make room on the disk of its server');
  if (code === '25006') {
    return new DatabaseUnwritable(code, 'its server is a read-only copy, name the one written to');
  }
  const isAnswer = severity && code && !/^(08|28|3D|53|57)/.test(code);
  return isAnswer
    ? Object.assign(new Error(message), { code })
    : new DatabaseUnreachable(code || message);
}
