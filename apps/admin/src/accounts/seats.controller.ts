import type { TenantId } from '@cleanmail/database';
import { SeatLedger } from '@cleanmail/mailboxes';
import { TenantsService } from '@cleanmail/tenants';
import { Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { after, type Page, pageOf } from '../page.js';
import { TenantParam } from '../tenant-param.decorator.js';
import {
  lastMonths,
  periodOf,
  SeatIntervalQueryDto,
  seatIntervalView,
  SeatIntervalView,
  SeatsQueryDto,
  SeatsView,
  isIntervalId,
} from './seats.dto.js';

/** Seats of a tenant: how many are used, and who had one when. */
@AdminController('tenants/:tenantId/seats')
export class SeatsController {
  constructor(
    private readonly seats: SeatLedger,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @ApiOkResponse({ type: SeatsView })
  async read(@TenantParam() tenant: TenantId, @Query() query: SeatsQueryDto): Promise<SeatsView> {
    await this.tenants.require(tenant);
    const peaks = await this.seats.peaks(tenant, lastMonths(query, Date.now()));
    return { ...(await this.seats.usage(tenant)), peaks };
  }

  /** The ledger that billing reads: every interval that touches the period. */
  @Get('intervals')
  @ApiPage(SeatIntervalView)
  async intervals(
    @TenantParam() tenant: TenantId,
    @Query() query: SeatIntervalQueryDto,
  ): Promise<Page<SeatIntervalView>> {
    await this.tenants.require(tenant);
    const page = { ...after(query, isIntervalId), limit: query.limit + 1 };
    return pageOf(await this.seats.intervals(tenant, periodOf(query, Date.now()), page), query.limit, seatIntervalView);
  }
}
