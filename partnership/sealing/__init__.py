"""The seal over the history, by which it shows when somebody who rules the database has changed what happened.

Triggers and rights keep the product from changing history. Whoever owns the database passes by both. So each night
every new row of the history gets a digest (``rows``), the digests of a night become a link of a chain
(``chain``), and the link's digest leaves the database: to a file, to the log, and to the mailboxes of
``HISTORY_WITNESSES`` (``outside``). ``checking`` reckons all of it again and says what is not as it was sealed. What
the law has changed since, by an erasure or because records were kept long enough, is sealed in its turn, with its
reason (``amending``).

What it cannot find: a row made up or changed before its first night; and a chain made anew from its beginning by
somebody who also rewrites the file, the log and every witness's mail.
"""
