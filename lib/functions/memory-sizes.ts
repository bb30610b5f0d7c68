/** 1769 MiB equal one vCPU. */
export const oneProcessor = 1769;
/** MiB of functions that users wait for. */
export const hot = 512;
/** MiB of functions with little work or no waiting client. */
export const modest = 256;
