"""First names that are common in England: a single one of them in a text is worth a question."""

from reviews.plain_words import words

# No ordinary word of English is among these, so they are looked for in small letters too.
GIVEN = words(
    """
    aaliyah aaron abbie abdul abdullah abigail abraham adam ade adeel adele adrian agnes agnieszka ahmad ahmed aidan
    aiden aisha aishah akram alan alana albert alberto aleksander aleksandra alex alexander alexandra alexis alfie
    alfred ali alice alicia alina alisha alison alistair aliyah allan alyssa amaan amanda amar amara amelia amina
    aminah amir amira amit amy anastasia andre andrea andreea andrei andrew andrzej aneesa angela angus anil anisa
    anita anjali ann anna annabel annabelle anne annie anthony antoni antonia antonio anya arabella archie ariana
    arjun arlo armaan arthur arun asha ashleigh ashley asif asma astrid athena ava ayaan ayan ayesha ayla ayub aziz
    barbara barnaby barry bartosz beatrice becky benjamin bernadette bernard beth bethan bethany betty beverley
    bianca bilal bogdan brandon brenda brendan brian brianna bridget bronwyn bryan bryony caitlin caleb callum calum
    cameron camilla carl carla carlos carly carmen caroline carolyn casey cassie catalin catherine cathy catrin
    cecilia charlene charles charley charlie charlotte cheryl chidi chinedu chioma chloe christina christine
    christopher ciara claire clara clare claudia clifford clive colin colleen connie connor conor corey cory craig
    cristian curtis cynthia damian damien daniel daniela daniella danielle daniyal danny daria darius dariusz darren
    dave david dawid debbie deborah declan deepak delilah denis denise dennis derek dermot desmond dewi diana diane
    dilys dimitri dion dominic dominik donald donna doreen doris dorothy douglas duncan dylan ebony eddie edgar
    edith edmund eduardo edward edwin eileen elaine eleanor elena elias elijah elisha eliza elizabeth ella ellen
    ellie elliot elliott eloise elsie elspeth emilia emilie emily emma emmanuel eric erica erin ernest esme esmé
    esther ethan ethel eugene eunice evan evelyn evie ezra fahad faisal faiza farah farhan farooq fatima fatimah
    fatou felicity felix ferdinand fergus filip finlay finley fiona francesca francis francisco frankie fraser
    freddie frederick freya gabriel gabriela gabriella gareth gary gavin gemma geoff geoffrey george georgie
    georgina gerald geraldine gerard gethin ghulam gideon gillian gina giorgia giovanni gordon graham greg gregory
    greta gurpreet gwen gwyneth habib hadiya hafsa haider hamid hamish hamza hana hanna hannah haris harjit harley
    harold haroon harriet harrison harry harvey hasan hassan hayden hayley helen helena henrietta henry hettie
    hilary hira howard hubert hugh hugo humaira humza husain hussain ian ibrahim ieuan ifeoma igor ikram ilyas
    imogen imran ines ingrid ioana iqra irene isaac isabel isabella isabelle isaiah isha isla ismail isobel ivan
    iwan jacek jackie jackson jacob jacqueline jakub jamal james jamie jane janet janice jared jasmine jason jasper
    javed jawad jaxon jayden jeanette jeffrey jenna jennifer jenny jeremiah jeremy jerome jess jessica jessie jill
    jim jimmy joan joanna joanne joe joel johanna john johnathan johnny jolene jon jonah jonas jonathan jose josef
    joseph josephine josh joshua josie joyce juan judith judy julia julian juliana julie juliet julius junaid justin
    kacper kai kamal kamil kamran karen karim karl karolina kasia katarzyna kate katelyn katherine kathleen kathryn
    kathy katie katy katya kaya kayden kayla kayleigh keira keith kelly kelsey kelvin kenneth kerry kevin khadija
    khadijah khaled khalid khalil kian kiera kieran kimberley kirsten kirsty kofi kris kristina krystian kuba
    kuldeep kumar kwame kyla kyle kylie lacey laila lara larissa laszlo latoya laura lauren laurence lawrence layla
    leah leanne leila lena lenny leo leon leona leonard leonardo leroy lesley leslie lewis lexi liam liliana lillian
    lily linda lindsay lisa liz lizzie llewellyn logan lois lola lorenzo loretta lorraine louie louis louisa louise
    luca lucas lucia lucinda lucy luis luka lukas lukasz luke luqman luther lydia lynette lynn lynne maariyah maciej
    mackenzie maddison madeleine madison magdalena mahmood mahmoud maisie maja malachi malcolm malik malika mandy
    manpreet marcel marcia marcin marco marcus marek margaret margot maria mariam marian marie marina mario marion
    marius marjorie marlon marsha martha martin martina martyn mary maryam mateo mateusz matilda matthew maureen
    maurice mauricio maximilian maya megan mehmet mei melanie melissa mervyn mia micah michael michaela michal
    michelle miguel mihai mikael mikolaj mila milan millicent millie miriam mitchell mohamed mohammad mohammed moira
    mollie molly monica morgan morris muhammad mumtaz muriel musa mustafa myles myra nabeel nadia nadine nahid naila
    nancy naomi nasir natalia natalie natasha nathan nathaniel navdeep naveed neha neil nell nelson ngozi niall
    niamh nichola nicholas nicola nicolas nicole nigel nikita nikki nikola nina noah noel nora noreen norma norman
    obi olga oliver olivia oliwia olu oluwaseun omar orla oscar oskar osman otto owen pablo paige pamela parveen
    patricia patrick patryk paul paula pauline pawel payton pedro penelope perry peter petra philip philippa phillip
    phoebe phyllis pierre piotr pippa polly priya priyanka przemyslaw qasim quentin rachael rachel radoslaw rafael
    raheem rahim rahul raj rajesh ralph ramona rania raquel rashid raul ravi raymond razia rebecca reece reggie
    reginald rehan reiss renata rhian rhiannon rhys richard ricky riley rita riyad robert roberta roberto robyn
    rodney roger rohan roisin roland roman romeo romy ronald ronan ronnie rory rosa rosalind rosanna rosie roxanne
    roy ruaridh rubina rufus rupert russell ruth ryan sabina sabrina sade sadia safa saif saima sajid salim salma
    salman samantha samira samuel sana sandra saoirse sara sarah sarita sasha saskia sean sebastian selina seren
    serena seth shabana shabnam shahid shakira shane shannon sharon shaun shauna shazia sheila shelley shirley
    shreya sidney siena sienna silvia simon simona simone sinead siobhan siân sofia sohail sonia sophia sophie
    stacey stanley stefan stella stephanie stephen steven stewart stuart sulaiman sunita susan susanna suzanne
    svetlana sybil sylvia szymon tabitha tadeusz tahir tamara tamsin tania tanisha tanya tara tariq tasha tasnim
    tatiana terence teresa terry tessa theo theodore theresa thomas tia tiffany timothy tina tobias toby todd tom
    tomasz tommy toni tracey tracy trevor tristan tyler tyrone umair umar usman valentina valerie vanessa vasile
    vera vernon veronica vikram vincent vivian vivienne vlad vladimir wahid walter wanda wayne wendy wesley wiktor
    wilfred william winifred wojciech xander xavier yasin yasmin yasmine yolanda yosef yousef yuki yunus yusuf
    yvette yvonne zac zach zachary zahra zaid zain zainab zak zakariya zara zayn zeeshan zoe zofia zoya zuzanna
    """
)

# Names that are words too: asked about where they have a capital inside a sentence.
ALSO_WORDS = words(
    """
    angel archer aria aurora ben blake blessing bob bobby brook brooke carol chase christian christy crystal daisy
    dale dan dawn dean don drew ed eden elle eve faith fern flora frank gene gloria grace gus guy hal harper hazel
    heather hollie holly honor hope iris ivy jack jade jake jasmin jay jean jo joy kay ken kim kit kitty lance lee
    leigh lilly luna mac mark marty matt max melody mercy mick mike miles mina mona moses nat neve nick nico olive
    ollie pat patience pearl peggy penny phil piers pip poppy precious ray reg rex rick rob robin rod ron rose
    rosemary ross rowan ruby rudy rusty sally sam sandy scarlett scott shaw skye sonny sophy spencer sue summer
    sunny taylor ted tim tony tyra verity vic victor violet wade warren will willow
    """
)
