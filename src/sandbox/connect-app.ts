import { z } from 'zod';
import { connectApp } from './customers.ts';
import { FieldError } from './field-error.ts';

const PERMISSIONS = ['get-all', 'post-all'] as const;
export type Permission = (typeof PERMISSIONS)[number];
export const permissions = z.array(z.enum(PERMISSIONS)).min(1);

const text = z.string().nullable();
const webUrl = z.string().refine(isWebUrl);

/** What the owner may change about the Connect App. https://www.twilio.com/docs/iam/api/connect-apps */
export const connectAppFields = z.object({
  authorizeRedirectUrl: webUrl,
  companyName: text,
  deauthorizeCallbackMethod: z.enum(['GET', 'POST']),
  deauthorizeCallbackUrl: webUrl.nullable(),
  description: text,
  friendlyName: z.string().trim().min(1).max(64),
  homepageUrl: webUrl.nullable(),
  permissions,
});
export type ConnectApp = z.infer<typeof connectAppFields>;

const CURES: Record<keyof ConnectApp, string> = {
  authorizeRedirectUrl: 'write an address that begins with https:// or http://',
  companyName: 'write one text',
  deauthorizeCallbackMethod: 'write GET or POST',
  deauthorizeCallbackUrl: 'write an address that begins with https:// or http://, or nothing',
  description: 'write one text',
  friendlyName: 'write a name of 1 to 64 characters',
  homepageUrl: 'write an address that begins with https:// or http://, or nothing',
  // A choice: Twilio's Console asks for one at least, its API's description does not say.
  permissions: `take one of ${PERMISSIONS.join(', ')}, or both`,
};

/** The Connect App of the quickstart, as its README has it made in the Console. */
export function newConnectApp(appUrl: string): ConnectApp {
  return {
    authorizeRedirectUrl: `${appUrl}/twilio/authorize`,
    companyName: 'Quickstart Company',
    deauthorizeCallbackMethod: 'POST',
    deauthorizeCallbackUrl: `${appUrl}/twilio/deauthorize`,
    description: null,
    friendlyName: connectApp.friendlyName,
    homepageUrl: appUrl,
    permissions: ['get-all'],
  };
}

/**
 * The changes in an update, under the API's own names: `FriendlyName`, `Permissions` (repeated, or with commas
 * between). An empty value takes away what need not be there; a name that is none is ignored, as Twilio does.
 * @throws FieldError that names the field
 */
export function readConnectAppUpdate(form: Record<string, unknown>): Partial<ConnectApp> {
  const given: Record<string, unknown> = {};
  for (const field of connectAppFields.keyof().options) {
    const value = form[apiName(field)];
    if (value === undefined) continue;
    given[field] = field === 'permissions' ? listOf(value) : value === '' ? null : value;
  }
  const { data, error } = connectAppFields.partial().safeParse(given);
  if (data) return data;
  const field = error.issues[0]?.path[0] as keyof ConnectApp;
  throw new FieldError(apiName(field), CURES[field]);
}

/** `friendlyName` as the API's parameters are written: `FriendlyName`. */
function apiName(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1);
}

function listOf(value: unknown): string[] {
  const parts = [value].flat().flatMap((part) => String(part).split(','));
  return [...new Set(parts.map((part) => part.trim()).filter(Boolean))];
}

function isWebUrl(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return /^https?:$/.test(url?.protocol ?? '') && !url?.username;
}
