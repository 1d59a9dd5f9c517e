import journal from './meta/_journal.json';
import m0000 from './0000_take_each_round_once.sql';
import m0001 from './0001_owe_minutes_to_d1.sql';
import m0002 from './0002_note_what_counts.sql';

  export default {
    journal,
    migrations: {
      m0000,
m0001,
m0002
    }
  }
  