import { type BareOptions, startBareServer } from './server.js';

/** The process of the bare server: told by its first message what to serve, it answers with where. */
process.once('message', (options: BareOptions) => {
  void startBareServer(options).then(({ origin, close }) => {
    process.send?.({ origin });
    process.once('disconnect', () => void close());
  });
});
