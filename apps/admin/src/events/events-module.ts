import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import { defaultTimeouts, EVENT_SETTINGS, type EventSettings, EventsModule } from '@cleanmail/events';

/** Events with the settings of the configuration; one module, whoever imports it. */
export const configuredEvents = EventsModule.with({
  provide: EVENT_SETTINGS,
  useFactory: ({ tokenPepper, publicScimUrl, events, retention }: Configuration): EventSettings => ({
    pepper: tokenPepper,
    allowPrivate: events.allowPrivate,
    disableAfterDays: events.disableDays,
    issuer: publicScimUrl ?? 'cleanmail-provisioning',
    timeouts: defaultTimeouts,
    receiptDays: retention.auditLogDays,
    deadLetterDays: retention.outboxDays,
  }),
  inject: [CONFIGURATION],
});
