import { fuzzSuite } from '../../integration/fuzz/fuzz-suite.ts';

fuzzSuite(20_000);
