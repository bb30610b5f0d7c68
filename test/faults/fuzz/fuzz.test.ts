import { fuzzSuite } from '../../integration/fuzz/fuzz-suite.ts';
import { sized } from '../scale.ts';

fuzzSuite(sized(20_000, 5));
