import { Clocks } from '@cleanmail/journal';
import { Body, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { clockRunView, ClockRunsView, ClockStatusesView, clockStatusView, RunClocksDto } from './clock.dto.js';

/** What time ends: how it went, and running it now. */
@AdminController('clocks')
export class ClocksController {
  constructor(private readonly clocks: Clocks) {}

  @Get()
  @ApiOkResponse({ type: ClockStatusesView })
  async status(): Promise<ClockStatusesView> {
    return { items: (await this.clocks.status()).map(clockStatusView) };
  }

  /** Runs what no other node is at, whether or not it ran a moment ago. Only what is due is ended. */
  @Post('run')
  @HttpCode(200)
  @ApiOkResponse({ type: ClockRunsView })
  async run(@Body() { job }: RunClocksDto = {}): Promise<ClockRunsView> {
    const runs = await this.clocks.run({ now: true, ...(job === undefined ? {} : { only: job }) });
    return { items: runs.map(clockRunView) };
  }
}
