import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { WithoutKey } from '../admin-key.guard.js';
import { LivenessView, ReadinessView } from './health.view.js';
import { ReadinessProbe } from './readiness-probe.js';

/** Liveness and readiness, for balancers and orchestrators. */
@Controller('health')
@ApiTags('health')
@WithoutKey()
export class HealthController {
  constructor(private readonly probe: ReadinessProbe) {}

  /** 200 as long as the process answers at all; says nothing of the database. */
  @Get('live')
  @ApiOkResponse({ type: LivenessView })
  live(): LivenessView {
    return { status: 'ok' };
  }

  /** 200 when requests can be served: the database answers, its migrations have run, and the process is not leaving. */
  @Get('ready')
  @ApiOkResponse({ type: ReadinessView })
  @ApiServiceUnavailableResponse({ type: ReadinessView })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessView> {
    const readiness = await this.probe.check();
    void reply.code(readiness.status === 'ok' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }
}
