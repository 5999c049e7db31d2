import type { Page } from './chromium.ts';
import type { Sites } from './sites.ts';

// Ways that several tests go. Each ends on another page than it began.

/** On the page to sign up. */
export async function signUp(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('heading', { name: 'Connect a Twilio account' }).waitFor();
}

/** From a page with the Connect button to the sandbox's consent page. */
export async function askConsent(page: Page, { sandbox }: Sites): Promise<void> {
  await page.getByRole('link', { name: 'Connect', exact: true }).click();
  await page.waitForURL(`${sandbox.url}/authorize/**`);
}

/** From a page with the Connect button, as that customer, to /myapp. The AccountSid does not stay in the address. */
export async function connect(page: Page, sites: Sites, customer: string): Promise<void> {
  await askConsent(page, sites);
  await page.getByLabel(customer).check();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.waitForURL(`${sites.appUrl}/myapp`);
}
