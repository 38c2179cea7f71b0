import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Heartbeat } from '../../../main/webapp/client/heartbeat.js';
import { UploadProgress } from '../../../main/webapp/client/upload-progress.js';

let told;
let outgoing;
let now;

beforeEach(t => {
  told = [];
  outgoing = { buffered: 0, uploading: 0 };
  now = 1_000_000;
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  t.mock.method(Date, 'now', () => now);
});

function heartbeat({ quiet = 25_000, patience = 0 } = {}) {
  return new Heartbeat(() => told.push('ping'), () => told.push('silent'), () => outgoing, { quiet, patience });
}

/** Time passes, as it does for a machine that is awake. */
function pass(t, milliseconds) {
  for (let left = milliseconds; left > 0; left -= 500) {
    now += 500;
    t.mock.timers.tick(500);
  }
}

test('a quiet line is asked, and one that does not answer is left', t => {
  heartbeat();
  pass(t, 24_500);
  assert.deepEqual(told, []);
  pass(t, 500);
  assert.deepEqual(told, ['ping']);
  pass(t, 10_000);
  assert.deepEqual(told, ['ping', 'silent']);
});

test('what is heard puts it off', t => {
  const beat = heartbeat();
  pass(t, 25_000);
  beat.received();
  pass(t, 24_500);
  assert.deepEqual(told, ['ping']);
});

test('a question without an answer brings it forward, many do not put it off', t => {
  const beat = heartbeat();
  for (let i = 0; i < 9; i++) {
    beat.sent();
    pass(t, 1_000);
  }
  assert.deepEqual(told, []);
  beat.sent();
  pass(t, 1_000);
  assert.deepEqual(told, ['ping']);
});

test('while an upload makes headway the line is not dead', t => {
  heartbeat();
  outgoing = { buffered: 5_000_000, uploading: 5_000_000 };
  for (let i = 0; i < 200; i++) {
    outgoing.buffered -= 20_000;
    pass(t, 1_000);
  }
  assert.ok(!told.includes('silent'));
  pass(t, 60_000);
  assert.ok(!told.includes('silent'), 'what is on its way may still arrive');
  pass(t, 200_000);
  assert.ok(told.includes('silent'));
});

test('after a sleep it is asked once more before it is left', t => {
  heartbeat();
  pass(t, 25_000);
  now += 3_600_000; // asleep: timers stand still, the clock does not
  t.mock.timers.tick(10_000);
  assert.deepEqual(told, ['ping', 'ping']);
  now += 3_600_000;
  t.mock.timers.tick(10_000);
  assert.deepEqual(told, ['ping', 'ping', 'silent']);
});

test('an upload tells how much has left, until all has', t => {
  const uploads = new UploadProgress();
  let part = 0;
  uploads.watch({}, 1_000, () => part, ({ sent, total }) => told.push(`${sent} of ${total}`));
  t.mock.timers.tick(150);
  part = 0.5;
  t.mock.timers.tick(300);
  part = 1;
  t.mock.timers.tick(150);
  part = 0;
  t.mock.timers.tick(1_000);
  assert.deepEqual(told, ['0 of 1000', '500 of 1000', '1000 of 1000']);
});

test('who never says anything is left sooner, and without a question', t => {
  const heart = heartbeat({ patience: 4_000 });
  heart.sent();
  pass(t, 3_500);
  assert.deepEqual(told, []);
  pass(t, 500);
  assert.deepEqual(told, ['silent']);
});

test('silence is broken as often as the line needs it', t => {
  const heart = heartbeat({ quiet: 2_000 });
  pass(t, 2_000);
  heart.received();
  pass(t, 2_000);
  assert.deepEqual(told, ['ping', 'ping']);
  assert.equal(heart.silence, 2_000);
});
