import { asTenantId } from '@cleanmail/database';
import { DeadLetters, type IssuedReceiver, ReceiversService } from '@cleanmail/events';
import type { Actor } from '@cleanmail/journal';
import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { CurrentActor } from '../current-actor.decorator.js';
import { after, type Page, pageOf } from '../page.js';
import {
  AddReceiverDto,
  AttemptView,
  ChangeReceiverDto,
  DeliveryQueryDto,
  deliveryView,
  DeliveryView,
  IssuedReceiverView,
  receiverView,
  ReceiverView,
  ReplayDto,
  ReplayView,
  RotateReceiverDto,
} from './receiver.dto.js';

const defaultOverlap = 86_400;

/** Internal services that hear of events. */
@AdminController('receivers')
export class ReceiversController {
  constructor(
    private readonly receivers: ReceiversService,
    private readonly deadLetters: DeadLetters,
  ) {}

  @Post()
  @ApiCreatedResponse({ type: IssuedReceiverView })
  async add(@CurrentActor() actor: Actor, @Body() wanted: AddReceiverDto): Promise<IssuedReceiverView> {
    return issuedView(await this.receivers.create(actor, wanted));
  }

  /** All of them: there are few. */
  @Get()
  @ApiPage(ReceiverView)
  async list(): Promise<Page<ReceiverView>> {
    return { items: (await this.receivers.list()).map(receiverView) };
  }

  @Get(':receiverId')
  @ApiOkResponse({ type: ReceiverView })
  async read(@Param('receiverId') id: string): Promise<ReceiverView> {
    return receiverView(await this.receivers.get(id));
  }

  @Patch(':receiverId')
  @ApiOkResponse({ type: ReceiverView })
  async change(
    @CurrentActor() actor: Actor,
    @Param('receiverId') id: string,
    @Body() change: ChangeReceiverDto,
  ): Promise<ReceiverView> {
    return receiverView(await this.receivers.change(actor, id, change));
  }

  /** Its receipts stay. */
  @Delete(':receiverId')
  @HttpCode(204)
  @ApiNoContentResponse()
  remove(@CurrentActor() actor: Actor, @Param('receiverId') id: string): Promise<void> {
    return this.receivers.remove(actor, id);
  }

  @Post(':receiverId/rotate')
  @ApiCreatedResponse({ type: IssuedReceiverView })
  async rotate(
    @CurrentActor() actor: Actor,
    @Param('receiverId') id: string,
    @Body() { overlapSeconds = defaultOverlap }: RotateReceiverDto = {},
  ): Promise<IssuedReceiverView> {
    return issuedView(await this.receivers.rotate(actor, id, overlapSeconds));
  }

  /** Sends an event of the type `receiver.test` at once. */
  @Post(':receiverId/test')
  @HttpCode(200)
  @ApiOkResponse({ type: AttemptView })
  async test(@CurrentActor() actor: Actor, @Param('receiverId') id: string): Promise<AttemptView> {
    return this.deadLetters.test(actor, id);
  }

  /** Oldest first. */
  @Get(':receiverId/deliveries')
  @ApiPage(DeliveryView)
  async deliveries(@Param('receiverId') id: string, @Query() query: DeliveryQueryDto): Promise<Page<DeliveryView>> {
    const { state, limit } = query;
    const rows = await this.deadLetters.list(id, { state, ...after(query), limit: limit + 1 });
    return pageOf(rows, limit, deliveryView);
  }

  @Post(':receiverId/replay')
  @HttpCode(200)
  @ApiOkResponse({ type: ReplayView })
  async replay(
    @CurrentActor() actor: Actor,
    @Param('receiverId') id: string,
    @Body() { dead, since, tenantId }: ReplayDto = {},
  ): Promise<ReplayView> {
    const replayed = await this.deadLetters.replay(actor, id, {
      dead: dead ?? since === undefined,
      ...(since === undefined ? {} : { since: Date.parse(since) }),
      ...(tenantId === undefined ? {} : { tenant: asTenantId(tenantId) }),
    });
    return { replayed };
  }
}

function issuedView({ receiver, secret }: IssuedReceiver): IssuedReceiverView {
  return { ...receiverView(receiver), secret };
}
