import { usePostgres } from '../test-database.ts';

// The analytics once more, on PostgreSQL: the scans and their totals are kept here.
if (usePostgres()) await import('../routes/analytics.test.ts');
