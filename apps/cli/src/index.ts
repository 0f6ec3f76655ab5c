export { type ConformanceOptions, ConformanceOptionError } from './conformance/conformance-options.js';
export { type ConformanceReport, isConformant, type RequirementResult } from './conformance/conformance-report.js';
export { conformanceMarkdown } from './conformance/report-markdown.js';
export { runConformance } from './conformance/run-conformance.js';
export { exportRecipients, type ExportSummary, type WantedExport } from './export/export-recipients.js';
export { commandLineDataSource } from './serve/command-line-data-source.js';
export { entities } from './serve/entities.js';
export { type RunningService, startService } from './serve/service.js';
export { runSimulation } from './simulate/run-simulation.js';
export {
  type SimulationDialect,
  simulationDialects,
  SimulationOptionError,
  type SimulationOptions,
  type SimulationProgress,
  type SimulationScenario,
  simulationScenarios,
} from './simulate/simulation-options.js';
export type { LatencySummary, PhaseReport, SimulationReport, UnexpectedAnswer } from './simulate/simulation-report.js';
export { invariants } from './verify/invariants.js';
