import { execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export interface OwnServer {
  url: string;
  /** As pg_ctl: stop, start or restart. */
  control(...args: string[]): Promise<unknown>;
  close(): Promise<unknown>;
}

/** A PostgreSQL server for one purpose, where that of all tests will not do. */
export async function startPostgres(): Promise<OwnServer> {
  const script = path.join(import.meta.dirname, '..', 'with-postgres.sh');
  const tell = 'echo "$TEST_DATABASE_URL"; echo "$TEST_DATABASE_CONTROL"; cat';
  const child = spawn(script, ['sh', '-c', tell], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('PostgreSQL did not start');
    return value;
  };
  const url = await line();
  const program = await line();
  return {
    url,
    control: (...args) => promisify(execFile)(program, args),
    close: () => {
      child.stdin.end();
      return ended;
    },
  };
}
