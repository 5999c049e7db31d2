/** A page of Twilio's about what a step or a request does. */
export interface TwilioPage {
  title: string;
  url: string;
}

export const CONNECT: TwilioPage = {
  title: 'Connect',
  url: 'https://www.twilio.com/docs/iam/connect',
};
export const CALLS: TwilioPage = {
  title: 'the Call resource',
  url: 'https://www.twilio.com/docs/voice/api/call-resource',
};
const ACCOUNTS: TwilioPage = {
  title: 'the Account resource',
  url: 'https://www.twilio.com/docs/iam/api/account',
};
const REST_API: TwilioPage = {
  title: 'the REST API',
  url: 'https://www.twilio.com/docs/usage/api',
};

/** The page about the resource that a path of the REST API names. */
export function pageAbout(path: string): TwilioPage {
  if (/\/Calls(\/\w+)?\.json$/.test(path)) return CALLS;
  if (/\/Accounts(\/\w+)?\.json$/.test(path)) return ACCOUNTS;
  return REST_API;
}
