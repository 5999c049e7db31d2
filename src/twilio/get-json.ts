import type { Twilio } from 'twilio';
// One small file of the SDK: `twilio` itself would load all of it.
import exceptions from 'twilio/lib/base/RestException.js';

/** A request with this header gets a 429 at once, to wait in its own way. The transport keeps the header here. */
export const AT_ONCE = 'x-at-once';

/** Where the SDK means its requests to go; the transport sends them to the API URL of our configuration. */
export const API = 'https://api.twilio.com';

/**
 * A GET through the SDK's own client, as it makes them itself: same credentials, same connections. What comes back is
 * the plain JSON, where the SDK would make an object of every row.
 * @throws what the SDK's methods throw; a refusal, with the answer's Retry-After if it has one, without a retry
 */
export async function getJson(client: Twilio, path: string): Promise<unknown> {
  const headers = { [AT_ONCE]: 'yes' };
  const answer = await client.request({ method: 'get', uri: API + path, headers });
  if (answer.statusCode === 200) return answer.body;
  const error = new exceptions.default(answer);
  throw Object.assign(error, { retryAfter: answer.headers['retry-after'] });
}
