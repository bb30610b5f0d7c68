import { DatabaseSync } from 'node:sqlite';

/**
 * The engine keeps stream records for a day without an index. Each write searches all records for the highest sequence
 * number, and each read for those after a number. With these indexes, the cost does not depend on the number of records.
 */
const indexes = {
  switchboard_stream_order: 'table_name, CAST(sequence_number AS INTEGER)',
  switchboard_stream_range: 'table_name, shard_id, sequence_number',
};

/** Adds the indexes to the database of a running engine. */
export function indexStreamRecords(database: string): void {
  const connection = new DatabaseSync(database, { timeout: 5000 });
  try {
    for (const [name, columns] of Object.entries(indexes)) {
      connection.exec(`CREATE INDEX IF NOT EXISTS ${name} ON _stream_records (${columns})`);
    }
  } finally {
    connection.close();
  }
}
