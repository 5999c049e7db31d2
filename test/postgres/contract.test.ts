import { usePostgres } from '../test-database.ts';

// What the app expects of a database, from PostgreSQL.
if (usePostgres()) await import('../database/contract.test.ts');
