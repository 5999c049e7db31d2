import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { claimConnection } from '../../src/database/connections.ts';
import { openDatabase } from '../../src/database/database.ts';
import { findUser } from '../../src/database/users.ts';
import { freePort } from '../free-port.ts';
import type { Front } from './front.ts';
import type { Lab } from './lab.ts';
import { signUp, type Visitor } from './visitor.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');
export const SERVER = path.join(ROOT, 'dist', 'server.js');
const EMAIL = 'bench@example.com';

/** The app as it is deployed: built, in production, in a process of its own. */
export interface App {
  url: string;
  pid: number;
  userId: number;
  /** The path of its SQLite database. */
  database: string;
  /** Somebody who is signed in. */
  visitor: Visitor;
}

export interface Credentials {
  accountSid: string;
  authToken: string;
  connectAppSid: string;
}

/** For where nobody checks them. */
const ANY: Credentials = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: '0'.repeat(32),
  connectAppSid: `CN${'0'.repeat(32)}`,
};

/** The environment of a production app. Without a front it can reach no API, and is not asked to. */
export function productionEnv(port: number, front?: Front, credentials = ANY): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    BASE_URL: `http://127.0.0.1:${port}`,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    DATABASE_URL: 'file:app.db',
    TWILIO_ACCOUNT_SID: credentials.accountSid,
    TWILIO_AUTH_TOKEN: credentials.authToken,
    TWILIO_CONNECT_APP_SID: credentials.connectAppSid,
    TWILIO_API_URL: front?.url ?? 'https://127.0.0.1:1',
    TWILIO_CA_BUNDLE: front?.cert,
  };
}

/** An account that was authorized, and its owner if that is another. */
export interface Connected {
  accountSid: string;
  ownerAccountSid?: string;
}

/** Starts the app on the API behind `front`, with a user who has connected these accounts, the first one first. */
export async function startApp(
  lab: Lab,
  connected: readonly Connected[],
  front?: Front,
  credentials = ANY,
): Promise<App> {
  const cwd = lab.folder();
  const port = await freePort();
  const env = productionEnv(port, front, credentials);
  const { pid = 0 } = await lab.spawn([SERVER], 'Open', { cwd, env });
  const url = `http://127.0.0.1:${port}`;
  const visitor = await signUp(url, EMAIL);
  const database = path.join(cwd, 'app.db');
  const userId = await connect(database, connected);
  return { url, pid, database, userId, visitor };
}

/** What the Authorize URL does in the end, for all accounts at once. Gives the user's id. */
async function connect(database: string, connected: readonly Connected[]): Promise<number> {
  const db = await openDatabase(`file:${database}`);
  const { id: userId = 0 } = (await findUser(db, EMAIL)) ?? {};
  for (const [index, { accountSid, ownerAccountSid = accountSid }] of connected.entries()) {
    await claimConnection(db, {
      accountSid,
      userId,
      ownerAccountSid,
      friendlyName: `Account ${index}`,
      now: Date.now() + index,
    });
  }
  await db.close();
  return userId;
}
