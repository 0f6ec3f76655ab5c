export { RecipientCopy } from './copy/recipient-copy.js';
export { SnapshotFile } from './copy/snapshot-file.js';
export type { FeedSource } from './following/feed-source.js';
export { type RecipientsEnvironment, RecipientsServer } from './recipients-server.js';
export { netstring, NetstringError, NetstringReader } from './socketmap/netstring.js';
export { type SocketmapAnswers, type SocketmapLimits, SocketmapServer } from './socketmap/socketmap-server.js';
export { recipientsBanner, type RunningRecipients, startRecipients } from './start-recipients.js';
