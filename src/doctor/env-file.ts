import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'dotenv';
import { StartError } from '../errors.ts';

// `NAME=value` as dotenv reads it: the part before the value, the name, and the value, quoted over several lines or not.
const ASSIGNMENT =
  /^([ \t]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=[ \t]*|:[ \t]+))((?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)(?=[ \t]*(?:#.*)?$)|[^#\r\n]*)/gm;
const PLAIN = /^[\w./:@%+,=-]*$/;

/** The text of a .env file, empty if there is none. @throws StartError if it cannot be read */
export function readEnvFile(path: string): string {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  } catch (error) {
    throw unusable(path, 'read', error);
  }
}

/**
 * Sets variables in the text of a .env file. Only their own lines change: a line that is there gets the new value, a
 * new one goes below its commented example, or to the end. Comments, order, quotes and line endings stay.
 * @throws StartError where dotenv would not read back exactly what is meant
 */
export function setVariables(text: string, values: Readonly<Record<string, string>>): string {
  const after = Object.entries(values).reduce(
    (edited, [name, value]) => setVariable(edited, name, quote(name, value)),
    text,
  );
  if (!isDeepStrictEqual(parse(after), { ...parse(text), ...values })) {
    const names = Object.keys(values).join(', ');
    throw new StartError(`The .env file is too unusual to change safely. Set ${names} by hand.`);
  }
  return after;
}

function setVariable(text: string, name: string, written: string): string {
  // Of several lines for one variable dotenv takes the last.
  const line = [...text.matchAll(ASSIGNMENT)].filter((match) => match[2] === name).at(-1);
  if (line) {
    const from = line.index + String(line[1]).length;
    const to = from + String(line[3]).trimEnd().length;
    return text.slice(0, from) + written + text.slice(to);
  }
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const example = [...text.matchAll(new RegExp(`^[ \\t]*#[ \\t]*${name}=.*\\n?`, 'gm'))].at(-1);
  const at = example ? example.index + example[0].length : text.length;
  const before = text.slice(0, at);
  const gap = before === '' || before.endsWith('\n') ? '' : newline;
  return `${before}${gap}${name}=${written}${newline}${text.slice(at)}`;
}

/** The value in the quotes that it needs, if any. */
function quote(name: string, value: string): string {
  const forms = [...(PLAIN.test(value) ? [value] : []), `'${value}'`, `"${value}"`, `\`${value}\``];
  const form = forms.find((text) => parse(`${name}=${text}`)[name] === value);
  if (form === undefined) {
    throw new StartError(`${name}: a .env file cannot hold a value with so many kinds of quotes`);
  }
  return form;
}

/**
 * Puts the text in place of the file at once, readable by its owner only: whoever reads meanwhile sees the old file or
 * the new one. @throws StartError if that is not possible; the old file is as it was then
 */
export function writeEnvFile(path: string, text: string): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const draft = `${target}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    // Root edits it for the user that the app runs as.
    if (process.getuid?.() === 0 && existsSync(target)) {
      const { uid, gid } = statSync(target);
      chownSync(draft, uid, gid);
    }
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw unusable(path, 'write', error);
  }
}

function unusable(path: string, verb: 'read' | 'write', error: unknown): StartError {
  const { code } = error as NodeJS.ErrnoException;
  return new StartError(`Cannot ${verb} ${path} (${code}). See who owns it and its folder.`);
}
