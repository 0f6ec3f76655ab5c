import { Metrics } from '@cleanmail/listener';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { WithoutKey } from '../admin-key.guard.js';

/** Metrics in Prometheus's text format; they name no tenant and no person. */
@Controller('metrics')
@ApiTags('metrics')
@WithoutKey()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @ApiProduces('text/plain')
  @ApiOkResponse({ type: String })
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  read(): Promise<string> {
    return this.metrics.render();
  }
}
