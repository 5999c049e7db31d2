import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { type Db, openDatabase } from '../../src/database/database.ts';
import { DatabaseUnreachable, StartError } from '../../src/errors.ts';
import { asAdmin, freshDatabase, TEST_DATABASE_URL, usePostgres } from '../test-database.ts';

const PASSWORD = new URL(TEST_DATABASE_URL ?? 'postgres://-:none@-/').password;

const open: Db[] = [];
afterEach(async () => {
  for (const db of open.splice(0)) await db.close();
});

async function openFresh(): Promise<Db> {
  const db = await openDatabase(await freshDatabase());
  open.push(db);
  return db;
}

function describePostgres(): void {
  test('several processes that start together make the tables once', async () => {
    const url = await freshDatabase();
    open.push(...(await Promise.all(Array.from({ length: 6 }, () => openDatabase(url)))));
    expect(await open[0]?.query('select version from schema_version')).toHaveLength(1);
  });

  test('every number in every table is wide enough for milliseconds', async () => {
    const db = await openFresh();
    const narrow = await db.query(
      `select table_name, column_name, data_type from information_schema.columns
       where table_schema = current_schema() and data_type not in ('bigint', 'text')`,
    );
    expect(narrow).toEqual([]);
  });

  describe('a query', () => {
    test('that takes too long is ended', async () => {
      const db = await openFresh();
      await expect(db.query('select pg_sleep(20)')).rejects.toMatchObject({ code: '57014' });
      expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
    }, 15_000);

    test('that is wrong does not show what it was about', async () => {
      const db = await openFresh();
      const insert = `insert into users (email, password_hash, created_at) values ('canary', 'canary', null)`;
      const error = await db.query(insert).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: '23502' });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary');
    });

    test('beside 40 others waits for its turn', async () => {
      const db = await openFresh();
      const all = Array.from({ length: 40 }, (_, n) =>
        db.query('select $1::int as n, pg_sleep(0.01)', [n]),
      );
      expect((await Promise.all(all)).map(([row]) => (row as { n: number }).n)).toEqual([
        ...Array(40).keys(),
      ]);
    });
  });

  describe('a transaction', () => {
    test('with a statement that failed is no success, even if its work goes on', async () => {
      const db = await openFresh();
      const insert = `insert into users (email, created_at) values ('a@b', 0)`;
      const work = db.transaction(async ({ query }) => {
        await query(insert);
        await query(insert).catch(() => undefined);
      });
      await expect(work).rejects.toThrow('had failed');
      expect(await db.query('select id from users')).toEqual([]);
    });

    test('whose connection is cut is undone, and the next one works', async () => {
      const db = await openFresh();
      const work = db.transaction(async ({ query }) => {
        await query(`insert into users (email, created_at) values ('a@b', 0)`);
        const [row] = await query<{ pid: number }>('select pg_backend_pid() as pid');
        await asAdmin(`select pg_terminate_backend(${row?.pid})`);
        await query('select 1');
      });
      await expect(work).rejects.toBeInstanceOf(DatabaseUnreachable);
      expect(await db.query('select id from users')).toEqual([]);
    });
  });

  test('idle connections that the server cuts end nothing: the next query has a new one', async () => {
    const db = await openFresh();
    const [row] = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
    await asAdmin(`select pg_terminate_backend(${row?.pid})`);
    const isGone = async () =>
      (await asAdmin(`select from pg_stat_activity where pid = ${row?.pid}`)).length === 0;
    while (!(await isGone()));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const [next] = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
    expect(next?.pid).not.toBe(row?.pid);
  });

  describe('at the start', () => {
    const url = (change: (url: URL) => void) => {
      const changed = new URL(String(TEST_DATABASE_URL));
      change(changed);
      return changed.href;
    };
    async function refusal(address: string): Promise<string> {
      const tell = jest.fn();
      const error = await openDatabase(address, tell).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(StartError);
      expect(tell).not.toHaveBeenCalled();
      const { message } = error as StartError;
      expect(message).toMatch(/^DATABASE_URL: cannot use postgres:\/\/127\.0\.0\.1:\d+\/\w+ \(/);
      expect(message).not.toContain(PASSWORD);
      expect(message).not.toContain('quickstart:');
      return message;
    }

    test('a wrong password, user or database is told at once, with the cure', async () => {
      expect(await refusal(url((to) => (to.password = 'canary-wrong')))).toMatch(
        /28P01.*correct the password/,
      );
      expect(await refusal(url((to) => (to.password = '')))).toMatch(/correct the password/);
      expect(await refusal(url((to) => (to.username = 'nobody')))).toMatch(
        /28P01.*correct the password/,
      );
      expect(await refusal(url((to) => (to.pathname = '/nowhere')))).toMatch(
        /3D000.*create that database/,
      );
    });

    test('a user who may not make tables is told so', async () => {
      await asAdmin(`create role reader login password '${PASSWORD}'`);
      try {
        expect(await refusal(url((to) => (to.username = 'reader')))).toMatch(
          /42501.*let the user create tables/,
        );
        const nowhere = url((to) => to.searchParams.set('options', '-c search_path=nowhere'));
        expect(await refusal(nowhere)).toMatch(/3F000.*let the user create tables/);
      } finally {
        await asAdmin('drop role reader');
      }
    });

    test('a server that is not there is waited for, told once, then an error', async () => {
      const nobody = url((to) => (to.port = '1'));
      const tell = jest.fn();
      await expect(openDatabase(nobody, tell, 1200)).rejects.toThrow(
        /cannot use postgres:\/\/127.0.0.1:1\/postgres \(ECONNREFUSED\): start it, or correct the host and port/,
      );
      expect(tell.mock.calls).toEqual([
        ['Waiting up to 1.2 seconds for postgres://127.0.0.1:1/postgres (ECONNREFUSED).'],
      ]);
    });

    test('a server that comes meanwhile is used', async () => {
      const { hostname, port } = new URL(String(TEST_DATABASE_URL));
      // A way to the real one that opens later, on a port that nobody else has.
      const gate = createServer((socket) => {
        const server = connect(Number(port), hostname);
        for (const side of [socket, server]) side.on('error', () => undefined);
        socket.pipe(server).pipe(socket);
      });
      const listen = (at: number) =>
        new Promise<void>((resolve) => gate.listen(at, '127.0.0.1', resolve));
      await listen(0);
      const { port: late } = gate.address() as AddressInfo;
      await new Promise((resolve) => gate.close(resolve));

      const address = new URL(await freshDatabase());
      address.port = String(late);
      const tell = jest.fn(() => void listen(late));
      open.push(await openDatabase(address.href, tell));
      expect(tell).toHaveBeenCalledTimes(1);
      expect(await open[0]?.query('select 1 as one')).toEqual([{ one: 1 }]);
      gate.close();
    });

    describe('sslmode', () => {
      const mode = (sslmode: string, host = 'localhost') =>
        url((to) => {
          to.hostname = host;
          to.searchParams.set('sslmode', sslmode);
        });
      const isEncrypted = async (address: string) => {
        const db = await openDatabase(address);
        open.push(db);
        const [row] = await db.query<{ ssl: boolean }>(
          'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
        );
        return row?.ssl;
      };
      const withCa = (address: string) => `${address}&sslrootcert=${process.env.TEST_DATABASE_CA}`;

      test('"require" encrypts, "disable" does not, as with psql', async () => {
        expect(await isEncrypted(mode('require'))).toBe(true);
        expect(await isEncrypted(mode('disable'))).toBe(false);
      });

      test('"verify-full" wants a certificate that is trusted and of that host', async () => {
        await expect(openDatabase(mode('verify-full'))).rejects.toThrow(
          /DEPTH_ZERO_SELF_SIGNED_CERT.*sslrootcert=FILE/,
        );
        expect(await isEncrypted(withCa(mode('verify-full')))).toBe(true);
        expect(await isEncrypted(withCa(mode('verify-ca', '127.0.0.1')))).toBe(true);
        await expect(openDatabase(withCa(mode('verify-full', '127.0.0.1')))).rejects.toThrow(
          /ERR_TLS_CERT_ALTNAME_INVALID/,
        );
        await expect(
          openDatabase(`${mode('verify-full')}&sslrootcert=/nowhere.crt`),
        ).rejects.toThrow(/ENOENT.*readable/);
      });
    });
  });
}

if (usePostgres()) describePostgres();
