import request from 'supertest';
import type { TestApp } from './start-app.ts';

/** The fields of a fault, as the sandbox's panel takes them. */
export type FaultForm = Record<string, string | number>;

/** Every fault that the sandbox knows, as it says itself. */
export async function faultNames(app: TestApp): Promise<string[]> {
  const panel = request(app.url).post('/sandbox/faults').set('Accept', 'application/json');
  const { body } = await panel.send({ fault: 'any' }).expect(400);
  const [, names = ''] = /write one of ([\w, ]+)/.exec(body.message) ?? [];
  return names.split(', ');
}

export async function setFault(app: TestApp, form: FaultForm): Promise<void> {
  await request(app.url).post('/sandbox/faults').send(form).expect(200);
}

/** The API answers again. */
export async function clearFault(app: TestApp): Promise<void> {
  await request(app.url).delete('/sandbox/faults').expect(200);
}
