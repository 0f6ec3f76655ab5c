import { ApiProperty } from '@nestjs/swagger';
import type { Readiness } from './readiness-probe.js';

/** The process answers. */
export class LivenessView {
  @ApiProperty({ enum: ['ok'] }) readonly status!: 'ok';
}

/** What stands in the way of serving requests, if anything. */
export class ReadinessChecksView {
  @ApiProperty({ enum: ['up', 'down'] }) readonly database!: 'up' | 'down';
  @ApiProperty({ enum: ['done', 'pending', 'unknown'] }) readonly migrations!: 'done' | 'pending' | 'unknown';
  @ApiProperty() readonly draining!: boolean;
}

/** Whether requests can be served. */
export class ReadinessView implements Readiness {
  @ApiProperty({ enum: ['ok', 'unavailable'] }) readonly status!: 'ok' | 'unavailable';
  @ApiProperty() readonly checks!: ReadinessChecksView;
}
