import twilio, { type Twilio } from 'twilio';
import { AT_ONCE } from './transport.ts';

const API = 'https://api.twilio.com';

/**
 * A GET through the SDK's own client, as it makes them itself: same credentials, same connections. What comes back is
 * the plain JSON, where the SDK would make an object of every row.
 * @throws what the SDK's methods throw; a refusal, with the answer's Retry-After if it has one, without a retry
 */
export async function getJson(client: Twilio, path: string): Promise<unknown> {
  const headers = { [AT_ONCE]: 'yes' };
  const answer = await client.request({ method: 'get', uri: API + path, headers });
  if (answer.statusCode === 200) return answer.body;
  const error = new twilio.RestException(answer);
  throw Object.assign(error, { retryAfter: answer.headers['retry-after'] });
}
