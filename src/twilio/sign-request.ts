import twilioSdk from 'twilio';

/**
 * The X-Twilio-Signature of a request, as Twilio makes it: for a GET the URL alone, for a POST the form too.
 * https://www.twilio.com/docs/usage/security#validating-requests
 */
export function signRequest(
  authToken: string,
  url: string,
  form: Readonly<Record<string, string>> = {},
): string {
  return twilioSdk.getExpectedTwilioSignature(authToken, url, form);
}
