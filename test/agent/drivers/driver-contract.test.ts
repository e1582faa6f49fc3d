import { driverContract } from '../../contract/driver-contract.ts';
import { execUnderTest } from './exec-under-test.ts';
import { httpUnderTest } from './http-under-test.ts';

driverContract('http', httpUnderTest);
driverContract('exec', execUnderTest);
