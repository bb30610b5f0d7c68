/** Lambda allocates CPU in proportion to memory. 1769 MiB equal one vCPU. */
export const oneProcessor = 1769;
/** Memory in MiB of functions that users wait for. */
export const hot = 512;
/** Memory in MiB of functions that do little work, or that no client waits for. */
export const modest = 256;
