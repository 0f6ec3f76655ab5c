import cliProgress from 'cli-progress';

/** How far something is in its current phase. */
export interface Progress {
  readonly phase: string;
  readonly total: number;
  readonly done: number;
}

/** Draws progress; `stop` removes the bar. */
export interface ProgressBar {
  show(progress: Progress): void;
  stop(): void;
}

/** A bar on standard error: phase, what is done, rate of the phase and time left. */
export function createProgressBar(stream: NodeJS.WritableStream): ProgressBar {
  const bar = new cliProgress.SingleBar({
    format: '{phase} [{bar}] {value}/{total} | {rate}/s | {eta_formatted} left',
    stream,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 30,
    fps: 8,
  });
  let phase: string | undefined;
  let startedAt = 0;
  return {
    show: (progress) => {
      if (progress.phase !== phase) {
        if (phase !== undefined) bar.stop();
        phase = progress.phase;
        startedAt = performance.now();
        bar.start(progress.total, 0, { phase: phase.padEnd(16), rate: '0' });
      }
      bar.setTotal(progress.total);
      const seconds = Math.max((performance.now() - startedAt) / 1000, 0.001);
      bar.update(progress.done, { rate: (progress.done / seconds).toFixed(0) });
    },
    stop: () => bar.stop(),
  };
}
