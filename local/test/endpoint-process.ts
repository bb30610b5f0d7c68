import { startAwsEndpoint } from '../aws-endpoint.ts';
import { createRecorder } from '../recorder.ts';
import { loadAssembly } from '../template/assembly.ts';

/** For tests that kill it: `node endpoint-process.ts <cdk.out> <data directory>`. */
const [, , assemblyDirectory = '', dataDirectory = ''] = process.argv;
const assembly = loadAssembly(assemblyDirectory);
const endpoint = await startAwsEndpoint({ assembly, dataDirectory, recorder: createRecorder() });
process.stdout.write(`${JSON.stringify({ url: endpoint.url, credentials: endpoint.ownerCredentials })}\n`);
