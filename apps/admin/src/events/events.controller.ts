import { asTenantId, type TenantId } from '@cleanmail/database';
import { EventFeed, ReceiptsService, Relay, SecurityEventTokens } from '@cleanmail/events';
import { TenantsService } from '@cleanmail/tenants';
import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { ApiPage } from '../api-page.decorator.js';
import { LimitQuery, type Page, PageQuery } from '../page.js';
import { TenantParam } from '../tenant-param.decorator.js';
import {
  AcknowledgedView,
  AcknowledgementDto,
  AcknowledgeUpToDto,
  deliveriesView,
  DeliveriesView,
  EventFeedView,
  EventKeysView,
  eventView,
  FetchedEventsView,
  ReceiptQueryDto,
  receiptView,
  ReceiptView,
} from './event.dto.js';
import { receiptsBefore, receiptsCursor } from './receipts-cursor.js';

/** The delivery itself. */
@AdminController('events')
export class EventsController {
  constructor(
    private readonly relay: Relay,
    private readonly tokens: SecurityEventTokens,
  ) {}

  /** Delivers what is due and that no other node is at. */
  @Post('deliver')
  @HttpCode(200)
  @ApiOkResponse({ type: DeliveriesView })
  async deliver(): Promise<DeliveriesView> {
    return deliveriesView(await this.relay.deliverDue());
  }

  /** The keys by which receivers verify security event tokens, as a JSON Web Key Set. */
  @Get('keys')
  @ApiOkResponse({ type: EventKeysView })
  keys(): EventKeysView {
    return this.tokens.keys();
  }
}

/** What a receiver fetches and acknowledges. */
@AdminController('receivers/:receiverId')
export class ReceiverFeedController {
  constructor(
    private readonly feed: EventFeed,
    private readonly receipts: ReceiptsService,
  ) {}

  /** For a receiver without a URL: what it has not acknowledged, tenant by tenant in order. */
  @Get('events')
  @ApiOkResponse({ type: FetchedEventsView })
  async fetch(@Param('receiverId') id: string, @Query() { limit }: LimitQuery): Promise<FetchedEventsView> {
    const { events, upTo, hasMore } = await this.feed.ofReceiver(id, limit);
    return { items: events.map(eventView), upTo, hasMore };
  }

  @Post('events/acknowledgement')
  @HttpCode(204)
  @ApiNoContentResponse()
  acknowledgeUpTo(@Param('receiverId') id: string, @Body() { upTo }: AcknowledgeUpToDto): Promise<void> {
    return this.feed.acknowledge(id, upTo);
  }

  /** For a receiver that answered 202. Saying it twice, or `failed` after `done`, changes nothing. */
  @Post('acknowledgements')
  @HttpCode(200)
  @ApiOkResponse({ type: AcknowledgedView })
  async acknowledge(
    @Param('receiverId') id: string,
    @Body() { tenantId, ...said }: AcknowledgementDto,
  ): Promise<AcknowledgedView> {
    const tenant = tenantId === undefined ? {} : { tenantId: asTenantId(tenantId) };
    return { eventId: said.eventId, recorded: await this.receipts.acknowledge(id, { ...said, ...tenant }) };
  }
}

/** What happened in a tenant, and what came of its leavers. */
@AdminController('tenants/:tenantId')
export class TenantEventsController {
  constructor(
    private readonly feed: EventFeed,
    private readonly receipts: ReceiptsService,
    private readonly tenants: TenantsService,
  ) {}

  @Get('events')
  @ApiOkResponse({ type: EventFeedView })
  async events(@TenantParam() tenant: TenantId, @Query() { cursor, limit }: PageQuery): Promise<EventFeedView> {
    await this.tenants.require(tenant);
    const page = await this.feed.ofTenant(tenant, { ...(cursor === undefined ? {} : { cursor }), limit });
    return { items: page.events.map(eventView), cursor: page.cursor, hasMore: page.hasMore, reset: page.isReset };
  }

  /** Newest first; receivers that have not said anything yet are open. */
  @Get('receipts')
  @ApiPage(ReceiptView)
  async list(@TenantParam() tenant: TenantId, @Query() query: ReceiptQueryDto): Promise<Page<ReceiptView>> {
    await this.tenants.require(tenant);
    const { cursor, limit, ...wanted } = query;
    const receipts = await this.receipts.list(tenant, { ...wanted, ...receiptsBefore(cursor), limit: limit + 1 });
    const shown = receipts.slice(0, limit);
    return { items: shown.map(receiptView), ...(receipts.length > limit ? receiptsCursor(shown.at(-1)) : {}) };
  }
}
