import { usePostgres } from '../test-database.ts';

// The README's flow once more, on PostgreSQL.
if (usePostgres()) await import('../journey.test.ts');
