import type { Page } from './chromium.ts';
import { clearFaults, type Sites, setFault } from './sites.ts';
import { askConsent, connect, signUp } from './visitor.ts';

export interface State {
  name: string;
  go(page: Page, sites: Sites): Promise<unknown>;
}

const state = (name: string, go: State['go']): State => ({ name, go });
const open =
  (path: string): State['go'] =>
  (page, { appUrl }) =>
    page.goto(appUrl + path);
const openSandbox =
  (path: string): State['go'] =>
  (page, { sandbox }) =>
    page.goto(sandbox.url + path);

async function chooseEmptyAccount(page: Page): Promise<void> {
  const option = page.locator('#account option', { hasText: 'Connect subaccount' });
  await page
    .getByRole('combobox', { name: 'Account' })
    .selectOption(await option.getAttribute('value'));
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('heading', { level: 1, name: 'Connect subaccount' }).waitFor();
}

/** Every page, in each state that looks different, in the order in which one visitor comes through them. */
export const STATES: State[] = [
  state('home, signed out', open('/')),
  state('sign-up', open('/sign-up')),
  state('sign-in', open('/sign-in')),
  state('sign-in, wrong password', async (page, { appUrl }) => {
    await page.goto(`${appUrl}/sign-in`);
    await page.getByLabel('E-mail').fill('nobody@example.com');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
  }),
  state('questions and answers', open('/faq')),
  state('no such page', open('/nowhere')),
  state('home, signed in', async (page, { appUrl }) => {
    await page.goto(`${appUrl}/sign-up`);
    await signUp(page);
  }),
  state('my app, nothing connected', open('/myapp')),
  state('consent', askConsent),
  state('declined', async (page) => {
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('You did not allow access').waitFor();
  }),
  state('callback refused', open(`/twilio/authorize?AccountSid=AC${'0'.repeat(32)}&state=made-up`)),
  state('callback without an account', async (page, sites) => {
    await page.goto(`${sites.appUrl}/myapp`);
    const button = await page.locator('#connect-button').getAttribute('href');
    const expected = new URL(String(button)).searchParams.get('state');
    await page.goto(`${sites.appUrl}/twilio/authorize?state=${expected}`);
  }),
  state('connected', async (page, sites) => {
    await page.goto(`${sites.appUrl}/myapp`);
    await connect(page, sites, 'Rossum Industries');
    await page.getByRole('status').waitFor();
  }),
  state('calls', open('/calls')),
  state('calls, what just happened', (page) =>
    page.locator('summary', { hasText: 'What just happened' }).click(),
  ),
  state('calls, none fits', open('/calls?to=nobody')),
  state(
    'calls, long addresses',
    open('/calls?to=sip:reception.third-floor@pbx.rossum.example.com'),
  ),
  state('calls, 1,000 rows', open('/calls?size=1000')),
  state('calls, wrong filter', open('/calls?started-after=2026-02-30')),
  state('calls, empty account', async (page, { appUrl }) => {
    await page.goto(`${appUrl}/calls`);
    await chooseEmptyAccount(page);
    await page.getByText('No calls in this account yet').waitFor();
  }),
  state('export', async (page, { appUrl }) => {
    await page.goto(`${appUrl}/calls`);
    await page.getByRole('link', { name: 'Export as CSV' }).click();
    await page.getByRole('heading', { name: /export/i }).waitFor();
  }),
  state('analytics', async (page, { appUrl }) => {
    await page.goto(`${appUrl}/analytics?days=30`);
    await page.locator('#progress-button').waitFor({ state: 'detached' });
  }),
  state('analytics, tables', async (page) => {
    for (const summary of await page.locator('.figures summary').all()) await summary.click();
  }),
  state('analytics, empty account', async (page) => {
    await chooseEmptyAccount(page);
    await page.locator('#progress-button').waitFor({ state: 'detached' });
  }),
  state('two customers', async (page, sites) => {
    await page.goto(`${sites.appUrl}/myapp`);
    await connect(page, sites, 'Corner Bakery');
  }),
  state('disconnect', (page) => page.locator('summary', { hasText: 'Disconnect' }).first().click()),
  state('calls, too many requests', async (page, sites) => {
    await setFault(sites, '429');
    await page.goto(`${sites.appUrl}/calls`);
  }),
  state('sandbox, with a fault', openSandbox('/')),
  state('sandbox, without', async (page, sites) => {
    await clearFaults(sites);
    await page.goto(`${sites.sandbox.url}/`);
  }),
  state('sandbox, customers', openSandbox('/console')),
  state('sandbox, a customer', openSandbox('/console/rossum')),
  state('sandbox, revoked', async (page) => {
    await page.getByRole('button', { name: 'Revoke access' }).click();
    await page.getByText('Access is revoked.').waitFor();
  }),
  state('sandbox, no such page', openSandbox('/nowhere')),
  state('my app, revoked', open('/myapp')),
  state('signed out', async (page) => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in to connect an account' }).waitFor();
  }),
];
