import { usePostgres } from '../test-database.ts';

// The callback once more, on PostgreSQL: the claims on accounts are made here.
if (usePostgres()) await import('../routes/authorize.test.ts');
