import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { ApiError } from './api-error.ts';
import type { Authorizations } from './authorizations.ts';
import { type Customer, connectApp } from './customers.ts';

/**
 * The customer that a request may act for. Twilio's rule for Connect: the username is an AccountSid that allowed our
 * app in, the password is the Auth Token of the app's owner. Nothing else opens anything.
 * https://www.twilio.com/docs/iam/connect, https://www.twilio.com/docs/api/errors/20003
 */
export function customerOf(
  req: Request,
  customers: readonly Customer[],
  authorizations: Authorizations,
): Customer {
  const [, encoded] = /^Basic ([\w+/=-]+)$/i.exec(req.get('Authorization') ?? '') ?? [];
  if (!encoded) {
    throw new ApiError(
      401,
      20003,
      'Authentication Error - No credentials provided',
      'Your AccountSid or AuthToken was incorrect.',
    );
  }
  const text = Buffer.from(encoded, 'base64').toString();
  const username = text.slice(0, text.indexOf(':'));
  if (!/^AC[0-9a-f]{32}$/.test(username)) {
    throw new ApiError(401, 20003, 'Authentication Error - invalid username');
  }
  const password = Buffer.from(text.slice(username.length + 1));
  const token = Buffer.from(connectApp.authToken);
  const isRight = password.length === token.length && timingSafeEqual(password, token);
  const customer = customers.find(({ connectSid }) => connectSid === username);
  if (!isRight || !customer || !authorizations.has(username)) {
    throw new ApiError(401, 20003, 'Authenticate');
  }
  return customer;
}
