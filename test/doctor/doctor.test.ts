import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { CHECKS } from '../../src/doctor/checks.ts';
import { freePort } from '../free-port.ts';
import { folder, startProcess } from '../start-process.ts';
import { startLiveApp } from './live-app.ts';

const DOCTOR = 'src/doctor/doctor.ts';

test('in an empty folder: one line a check, and exit code 1 as the app does not run', async () => {
  const doctor = startProcess([DOCTOR], { PORT: String(await freePort()) });
  expect(await doctor.ended).toBe(1);
  const lines = doctor.output().trim().split('\n');
  expect(lines).toHaveLength(CHECKS.length + 2);
  for (const [index, { title }] of CHECKS.entries()) {
    expect(lines[index]).toMatch(new RegExp(`^(ok|remark|problem|skipped) +${title}(: |$)`));
  }
  expect(lines.join('\n')).toMatch(/remark +Twilio account: None is set: the sandbox stands in/);
  expect(lines.join('\n')).toMatch(
    /problem +App at the public address: Nobody answers .* npm start/,
  );
  expect(lines.at(-1)).toBe('1 problem, 3 remarks.');
  expect(existsSync(path.join(folder(), 'data'))).toBe(false);
});

test('beside the app on its sandbox: no problems, though no account is set', async () => {
  const PORT = String(await freePort());
  await startProcess(['src/server.ts'], { PORT }).says('sandbox');
  const doctor = startProcess([DOCTOR], { PORT });
  expect(await doctor.ended).toBe(0);
  expect(doctor.output()).toMatch(/^ok +App at the public address$/m);
  expect(doctor.output()).toMatch(/^skipped +Signed Deauthorize request: needs “Connect App”$/m);
  expect(doctor.output()).toMatch(/\n0 problems, 2 remarks\.\n$/);
});

test('for machines, from a file of its own, without a secret or a whole AccountSid', async () => {
  const live = await startLiveApp();
  const left = await live.connect('bakery');
  live.twilio.upstream.answer = (req, res) => {
    const user = Buffer.from(String(req.get('Authorization')?.slice(6)), 'base64').toString();
    if (user.startsWith(left)) res.status(401).json({ code: 20003, status: 401 });
  };
  const lines = Object.entries(live.environment).map(([name, value]) => `${name}="${value}"\n`);
  writeFileSync(path.join(folder(), 'live.env'), lines.join(''), { mode: 0o600 });
  const doctor = startProcess([DOCTOR, '--json', '--dotenv', 'live.env'], {});
  expect(await doctor.ended).toBe(1);
  const reports: Record<string, string>[] = JSON.parse(doctor.output());
  expect(reports.map(({ id }) => id)).toEqual(CHECKS.map(({ id }) => id));
  for (const { id, title, status, cause, cure, ...rest } of reports) {
    expect(['ok', 'remark', 'problem', 'skipped']).toContain(status);
    expect({ id, hasCause: cause !== undefined, hasCure: cure !== undefined, rest }).toEqual({
      id,
      hasCause: status !== 'ok',
      hasCure: status === 'remark' || status === 'problem',
      rest: {},
    });
    expect(title).toBeTruthy();
  }
  expect(reports.filter(({ status }) => status === 'problem').map(({ id }) => id)).toEqual([
    'connections',
  ]);
  const { accountSid, authToken } = live.twilio.settings;
  for (const secret of [accountSid, authToken, left, live.environment.SESSION_SECRET]) {
    expect(doctor.output()).not.toContain(secret);
  }
});

test('an option that there is not is told, with exit code 2', async () => {
  const doctor = startProcess([DOCTOR, '--fix'], {});
  expect(await doctor.ended).toBe(2);
  expect(doctor.output()).toMatch(/--fix.*\nSee npm run doctor -- --help\n$/);
  const nowhere = startProcess([DOCTOR, '--dotenv', 'no.env'], {});
  expect(await nowhere.ended).toBe(2);
  expect(nowhere.output()).toBe('--dotenv: there is no no.env\n');
  const help = startProcess([DOCTOR, '--help'], {});
  expect(await help.ended).toBe(0);
  expect(help.output()).toContain('--json');
});
