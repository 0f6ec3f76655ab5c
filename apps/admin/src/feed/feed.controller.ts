import { Readable } from 'node:stream';
import type { TenantId } from '@cleanmail/database';
import { RecipientFeed } from '@cleanmail/mailboxes';
import { TenantsService } from '@cleanmail/tenants';
import { Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { AdminController } from '../admin-controller.decorator.js';
import { TenantParam } from '../tenant-param.decorator.js';
import {
  FeedChangesQueryDto,
  feedChangesView,
  FeedChangesView,
  FeedHeadsQueryDto,
  feedHeadView,
  FeedHeadsView,
  feedRecipientView,
  relayDomainView,
  RelayDomainsView,
} from './feed.dto.js';

const snapshotType = 'application/x-ndjson';

/** What concerns gateways of all tenants: how far the feeds are, and the domains. */
@AdminController('feed')
export class FeedController {
  constructor(private readonly feed: RecipientFeed) {}

  @Get('heads')
  @ApiOkResponse({ type: FeedHeadsView })
  async heads(@Query() { since }: FeedHeadsQueryDto): Promise<FeedHeadsView> {
    const { pulse, items } = await this.feed.heads(since);
    return { pulse, items: items.map(feedHeadView) };
  }

  /** To be read again when a head has moved. */
  @Get('relay-domains')
  @ApiOkResponse({ type: RelayDomainsView })
  async relayDomains(): Promise<RelayDomainsView> {
    return { items: (await this.feed.relayDomains()).map(relayDomainView) };
  }
}

/** The recipients of a tenant, for gateways that cannot reach the database; also of a closed one, until its mail has ended. */
@AdminController('tenants/:tenantId/feed')
export class TenantFeedController {
  constructor(
    private readonly feed: RecipientFeed,
    private readonly tenants: TenantsService,
  ) {}

  /** What changed behind a version, in the order of versions. */
  @Get('changes')
  @ApiOkResponse({ type: FeedChangesView })
  async changes(
    @TenantParam() tenant: TenantId,
    @Query() { after, limit }: FeedChangesQueryDto,
  ): Promise<FeedChangesView> {
    await this.tenants.requireEver(tenant);
    return feedChangesView(await this.feed.changes(tenant, after, limit));
  }

  /**
   * All addresses as lines of JSON: `{"watermark":…}` first, behind which changes are to be read, then one address a line,
   * of which the last one of a key counts, and `{"rows":…}` at the end: without that line the snapshot is not whole.
   */
  @Get('snapshot')
  @ApiProduces(snapshotType)
  @ApiOkResponse({ schema: { type: 'string' } })
  async snapshot(@TenantParam() tenant: TenantId): Promise<StreamableFile> {
    await this.tenants.requireEver(tenant);
    return new StreamableFile(Readable.from(this.lines(tenant)), { type: snapshotType });
  }

  /** A chunk for each part of the walk, so that a slow reader holds the walk back and nothing is piled up. */
  private async *lines(tenant: TenantId): AsyncGenerator<Buffer, void, void> {
    let rows = 0;
    let isFirst = true;
    for await (const part of this.feed.walk(tenant)) {
      const head = isFirst ? [{ watermark: part.watermark }] : [];
      isFirst = false;
      rows += part.rows.length;
      yield jsonLines([...head, ...part.rows.map(feedRecipientView)]);
    }
    yield jsonLines([{ rows }]);
  }
}

function jsonLines(values: readonly unknown[]): Buffer {
  return Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}
