import { expect, test } from '@jest/globals';
import { updateConnectApp } from '../../src/twilio/connect-apps.ts';
import { twilioError } from '../start-app.ts';
import { type LiveApp, startLiveApp } from './live-app.ts';
import { examine } from './world.ts';

const mask = (sid: string) => `${sid.slice(0, 4)}…${sid.slice(-4)}`;

/** Every request that Twilio gets in the name of this account is answered by `answer`. */
function answerFor(live: LiveApp, sid: string, status: number, code: number) {
  live.twilio.upstream.answer = (req, res) => {
    const [, pair = ''] = (req.get('Authorization') ?? '').split(' ');
    if (Buffer.from(pair, 'base64').toString().startsWith(sid)) twilioError(res, status, code);
  };
}

test('a connection that Twilio refuses is named by its masked SID, and the others are looked at', async () => {
  const live = await startLiveApp();
  await live.connect('rossum');
  const left = await live.connect('bakery');
  answerFor(live, left, 401, 20003);
  const { connections, permissions } = await examine({ environment: live.environment });
  expect(connections).toMatchObject({
    status: 'problem',
    cause: `Twilio does not let us into 1 of 2 connected accounts any more: ${mask(left)} (connection 2).`,
  });
  expect(permissions?.status).toBe('ok');
});

test('it is told no more once the app has marked it', async () => {
  const live = await startLiveApp();
  answerFor(live, await live.connect('bakery'), 401, 20003);
  await live.app.db.query("update connections set status = 'refused'");
  expect((await examine({ environment: live.environment })).connections?.status).toBe('ok');
});

test('one that cannot be asked at the moment is a remark', async () => {
  const live = await startLiveApp();
  await live.connect('rossum');
  answerFor(live, await live.connect('bakery'), 503, 0);
  const { connections } = await examine({ environment: live.environment });
  expect(connections?.status).toBe('remark');
});

test('a connection from before get-all was asked for is named', async () => {
  const live = await startLiveApp();
  const { owner, connectAppSid } = live;
  await live.connect('rossum');
  await updateConnectApp(owner, connectAppSid, { permissions: ['post-all'] });
  const early = await live.connect('bakery');
  expect((await examine({ environment: live.environment })).permissions?.status).toBe('ok');

  await updateConnectApp(owner, connectAppSid, { permissions: ['get-all', 'post-all'] });
  const { permissions } = await examine({ environment: live.environment });
  expect(permissions?.status).toBe('problem');
  expect(permissions?.cause).toContain('1 of 2 connected accounts');
  expect(permissions?.cause).toContain(`${mask(early)} (connection 2)`);
});

test('two hundred are asked, a few at a time', async () => {
  const live = await startLiveApp();
  await live.connect('rossum');
  const values = Array.from({ length: 205 }, (_, index) => {
    const sid = `AC${String(index).padStart(32, '0')}`;
    return `('${sid}', 1, 'active', 'Stored', ${index + 1}, 0)`;
  });
  await live.app.db.query(
    `insert into connections (account_sid, user_id, status, friendly_name, connected_at, changed_at)
     values ${values.join(', ')}`,
  );
  const { connections } = await examine({ environment: live.environment });
  expect(connections?.cause).toContain('into 200 of 200 connected accounts');
  expect(connections?.cause).toMatch(/and 195 more\.$/);
});
