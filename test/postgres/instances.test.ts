import { describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import {
  attribute,
  browser,
  callSids,
  connectButton,
  consent,
  pathOf,
  signUp,
} from '../browser.ts';
import { startInstances } from '../instances.ts';
import { freshDatabase, rows, usePostgres } from '../test-database.ts';

function describeInstances(): void {
  test.each([2, 4])(
    '%d of them are one app: each step of the way is another one’s',
    async (count) => {
      const database = await freshDatabase();
      const app = await startInstances(count, database);
      expect(await rows(database, 'schema_version')).toHaveLength(1);

      const visitor = await signUp(app, 'ada@example.com');
      const places: string[] = [];
      const get = async (path: string, status = 200) => {
        const page = await visitor.get(path).expect(status);
        places.push(String(page.headers['x-served-by']));
        return page;
      };
      const button = connectButton((await get('/')).text);
      const consentPage = await visitor.get(pathOf(button)).expect(200);
      const state = attribute(consentPage.text, /name="state" value="([^"]*)"/);
      const form = { customer: 'rossum', decision: 'allow', state };
      const allowed = await visitor.post(button.pathname).type('form').send(form).expect(303);
      const callback = new URL(String(allowed.headers.location));
      await get(pathOf(callback), 303);
      const myApp = await get('/myapp');
      expect(myApp.text).toContain('role="status">Connected.');
      const toCalls = attribute(myApp.text, /href="(\/calls\?account=[^"]+)"/);
      const calls = await get(toCalls);
      expect(calls.text).toContain('Rossum Industries, main account');
      const older = await get(attribute(calls.text, /rel="next" href="([^"]+)"/));
      expect(callSids(older.text)).toHaveLength(50);
      expect(new Set(places).size).toBe(count);
      places.forEach((place, step) => {
        expect(place).not.toBe(places[step - 1]);
      });

      // Twilio tells one of them that the customer left; all know it.
      const accountSid = String(callback.searchParams.get('AccountSid'));
      const params = { AccountSid: accountSid, ConnectAppSid: app.connectAppSid };
      const signed = `${app.url}/twilio/deauthorize`;
      await browser(app)
        .post('/twilio/deauthorize')
        .type('form')
        .send(params)
        .set('X-Twilio-Signature', twilio.getExpectedTwilioSignature(app.authToken, signed, params))
        .expect(204);
      for (let n = 0; n < count; n++) await get('/calls', 403);

      await visitor.post('/sign-out').expect(303);
      for (let n = 0; n < count; n++) await get('/myapp', 303);
    },
    120_000,
  );

  test('the same callback delivered to two at once makes one row', async () => {
    const database = await freshDatabase();
    const app = await startInstances(2, database);
    const visitor = await signUp(app, 'ada@example.com');
    const callback = pathOf(await consent(visitor, 'rossum'));
    const answers = await Promise.all([visitor.get(callback), visitor.get(callback)]);
    expect(answers.map(({ headers }) => headers['x-served-by']).sort()).toEqual(['0', '1']);
    for (const { status, headers } of answers) {
      expect({ status, to: headers.location }).toEqual({ status: 303, to: '/myapp' });
    }
    expect(await rows(database, 'connections')).toHaveLength(1);
    await visitor.get(callback).expect(303).expect('Location', '/myapp');
  }, 60_000);

  test('two users who claim one account on two of them: one has it', async () => {
    const database = await freshDatabase();
    const app = await startInstances(2, database);
    const [ada, bob] = await Promise.all([
      signUp(app, 'ada@example.com'),
      signUp(app, 'bob@example.com'),
    ]);
    const callbacks = [await consent(ada, 'rossum'), await consent(bob, 'rossum')];
    const sid = callbacks[0]?.searchParams.get('AccountSid') ?? '';
    callbacks[1]?.searchParams.set('AccountSid', sid);
    const [one, other] = callbacks.map(pathOf);
    const answers = await Promise.all([ada.get(String(one)), bob.get(String(other))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(await rows(database, 'connections')).toHaveLength(1);
  }, 60_000);

  test('failed sign-ins count on all of them together', async () => {
    const app = await startInstances(2, await freshDatabase());
    const attempt = () =>
      browser(app)
        .post('/sign-in')
        .type('form')
        .send({ email: 'ada@example.com', password: 'wrong password' });
    const answers = await Promise.all(Array.from({ length: 10 }, attempt));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(401));
    expect(new Set(answers.map(({ headers }) => headers['x-served-by'])).size).toBe(2);
    for (let n = 0; n < 2; n++) await attempt().expect(429);
  }, 60_000);
}

if (usePostgres()) describe('several processes', describeInstances);
