import { usePostgres } from '../test-database.ts';

// From SQLite to PostgreSQL and back.
if (usePostgres()) await import('../database/copy.test.ts');
