import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Description } from './description.ts';

/** What is wrong with an answer, a line each: where, and why. Empty for an answer that Twilio could have given. */
export type Judge = (answer: unknown) => string[];

/**
 * Gives a judge for each path of the description, such as `/2010-04-01/Accounts/{AccountSid}/Calls.json`.
 *
 * As published, the description lets nearly everything pass: hardly a field is required, and others may be added. So
 * every object is narrowed to exactly the fields that it lists. Twilio's own examples still pass then, which is tested.
 */
export function createJudges(description: Description): (path: string) => Judge {
  const ajv = new Ajv({ strict: false, allErrors: true });
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
  ajv.addSchema(narrow(structuredClone(description)) as object, 'twilio');

  return (path) => {
    const place = ['paths', path, 'get', 'responses', '200', 'content', 'application/json'];
    const pointer = [...place, 'schema'].map(pointerPart).join('/');
    const validate = ajv.getSchema(`twilio#/${pointer}`) as ValidateFunction | undefined;
    if (!validate) throw new Error(`The description has no answer for ${path}`);
    return (answer) => (validate(answer) ? [] : (validate.errors ?? []).map(say));
  };
}

// Formats that JSON Schema does not know, or not so: what Twilio calls a URI is a path in its own examples.
const FORMATS: Record<string, RegExp | true> = {
  uri: /^(https?:\/\/|\/)/,
  'date-time-rfc-2822':
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} \+0000$/,
  'date-time': true,
  currency: /^[A-Za-z]{3}$/,
  'http-method': /^(GET|POST)$/,
  'uri-map': true,
  'phone-number': true,
  int64: true,
};

/** Makes every object's fields required and lets it have no others, in place. */
function narrow(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  for (const part of Object.values(node)) narrow(part);
  const schema = node as { type?: unknown; properties?: unknown };
  if (schema.type === 'object' && typeof schema.properties === 'object') {
    Object.assign(node, {
      required: Object.keys(schema.properties ?? {}),
      additionalProperties: false,
    });
  }
  return node;
}

// JSON Pointer inside a URI fragment.
function pointerPart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function say({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || 'the answer'} ${message} ${JSON.stringify(params)}`;
}
