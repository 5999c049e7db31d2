import type { CustomerAccount } from './customer-accounts.ts';
import { CALL_STATUSES, type CallFilters } from './filters.ts';
import { callsUrl, exportUrl } from './links.ts';
import type { PageLink } from './list.ts';
import type { OpenedCalls } from './open.ts';
import { toRow } from './rows.ts';

/** What views/calls.ejs shows. */
export function callsView(opened: OpenedCalls, filters: CallFilters, size: number) {
  const { account, accounts, page, fellBack } = opened;
  const pageUrl = (link?: PageLink) => link && callsUrl(account.key, filters, size, link);
  return {
    account,
    accounts: accounts.includes(account) ? accounts : [account, ...accounts],
    fellBack,
    rows: page.calls.map(toRow),
    next: pageUrl(page.next),
    previous: pageUrl(page.previous),
    filters,
    filtered: Object.values(filters).some((value) => value !== undefined),
    unfiltered: callsUrl(account.key, {}, size),
    exportUrl: exportUrl(account.key, filters),
    size,
    page: page.index,
    statuses: CALL_STATUSES,
    elsewhere: otherAccounts(accounts, account),
  };
}

// Where else to look, the main account first. The Connect subaccount has no calls but the app's own.
function otherAccounts(accounts: readonly CustomerAccount[], shown: CustomerAccount) {
  return accounts
    .filter(
      (account) => account !== shown && account.role !== 'Connect subaccount' && account.isOpen,
    )
    .slice(0, 5)
    .map(({ name, role, key }) => ({ name, role, url: callsUrl(key) }));
}
