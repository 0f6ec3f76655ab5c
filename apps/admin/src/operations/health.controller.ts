import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { WithoutKey } from '../admin-key.guard.js';
import { type Readiness, ReadinessProbe } from './readiness-probe.js';

/** Liveness and readiness, for balancers and orchestrators. */
@Controller('health')
@ApiTags('health')
@WithoutKey()
export class HealthController {
  constructor(private readonly probe: ReadinessProbe) {}

  /** 200 as long as the process answers at all; says nothing of the database. */
  @Get('live')
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when requests can be served: the database answers, its migrations have run, and the process is not leaving. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.probe.check();
    void reply.code(readiness.status === 'ok' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }
}
