/** Lambda gives a function CPU in proportion to its memory; 1769 MiB are one whole vCPU. */
export const oneProcessor = 1769;
/** MiB of a function that users wait for. */
export const hot = 512;
/** MiB of a function that does little, or that no client waits for. */
export const modest = 256;
