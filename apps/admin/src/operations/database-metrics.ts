import { Database } from '@cleanmail/database';
import { Metrics } from '@cleanmail/listener';
import { Injectable } from '@nestjs/common';

/** What the database contributes to the metrics of its process. */
@Injectable()
export class DatabaseMetrics {
  constructor(database: Database, metrics: Metrics) {
    metrics.addGauge('cleanmail_database_retries', 'Units of work that had to be run again.', () => database.retries);
  }
}
