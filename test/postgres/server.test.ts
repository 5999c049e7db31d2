import { expect, test } from '@jest/globals';
import { freePort } from '../free-port.ts';
import { startProcess } from '../start-process.ts';
import { freshDatabase, usePostgres } from '../test-database.ts';

const WITHOUT_PG = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  const hook = 'export const resolve = (name, context, next) => { if (name === "pg") throw new Error("no such package"); return next(name, context); }';
  register('data:text/javascript,' + encodeURIComponent(hook));
`)}`;

async function start(env: Record<string, string>) {
  const port = await freePort();
  const app = startProcess(['src/server.ts'], { PORT: String(port), ...env });
  return { ...app, url: `http://localhost:${port}` };
}

function describeServer(): void {
  test('DATABASE_URL is all that it takes; the password in it is told nobody', async () => {
    const DATABASE_URL = await freshDatabase();
    const app = await start({ DATABASE_URL, LOG_LEVEL: 'trace' });
    await app.says('sandbox');
    const signIn = await fetch(`${app.url}/sign-in/demo`, { method: 'POST', redirect: 'manual' });
    expect(signIn.status).toBe(303);
    app.child.kill('SIGTERM');
    expect(await app.ended).toBe(0);
    expect(app.output()).not.toContain(new URL(DATABASE_URL).password);
  });

  test('without the package pg it says what to install', async () => {
    const app = await start({
      DATABASE_URL: await freshDatabase(),
      NODE_OPTIONS: `--import ${WITHOUT_PG}`,
    });
    expect(await app.ended).toBe(1);
    expect(app.output()).toMatch(
      /^DATABASE_URL: cannot use postgres:\/\/[^@]+ \(the package pg is not installed\): run npm install pg\.\n$/,
    );
  });

  test('a wrong password is one line without it, and exit code 1', async () => {
    const url = new URL(await freshDatabase());
    url.password = 'canary-of-a-password';
    const app = await start({ DATABASE_URL: url.href });
    expect(await app.ended).toBe(1);
    expect(app.output()).toMatch(/^DATABASE_URL: cannot use postgres:.*correct the password.*\n$/);
    expect(app.output()).not.toContain('canary');
  });

  test('a server that is not there is waited for, with one line', async () => {
    const url = new URL(await freshDatabase());
    url.port = String(await freePort());
    const app = await start({ DATABASE_URL: url.href });
    await app.says('Waiting');
    expect(app.output()).toBe(
      `Waiting up to 30 seconds for postgres://127.0.0.1:${url.port}/postgres (ECONNREFUSED).\n`,
    );
    app.child.kill('SIGTERM');
    await app.ended;
  });
}

if (usePostgres()) describeServer();
