import { DatabaseSync } from 'node:sqlite';

/** Without these, each write and read searches a day of stream records. */
const indexes = {
  switchboard_stream_order: 'table_name, CAST(sequence_number AS INTEGER)',
  switchboard_stream_range: 'table_name, shard_id, sequence_number',
};

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
