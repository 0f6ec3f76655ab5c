// Read by TypeORM's own command line: `npx typeorm -d ormconfig.ts migration:show`.
// It is plain CommonJS on purpose: Node 20 cannot load TypeScript by itself, and this file needs no loader.
exports.dataSource = import('@cleanmail/cli').then(({ commandLineDataSource }) => commandLineDataSource());
